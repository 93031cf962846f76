/** The installation: its folders, and checks of it and of the machine. */
package org.videotg.app.doctor;
