/** What this machine has and lacks. Nothing is changed here. */
package org.videotg.app.doctor;
