/** The command line: one class for each command, and the options they share. The only package that uses picocli. */
package org.videotg.app.command;
