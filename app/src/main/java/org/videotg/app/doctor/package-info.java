/** Checks of the machine and the installation. */
package org.videotg.app.doctor;
