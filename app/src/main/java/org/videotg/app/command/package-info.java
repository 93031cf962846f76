/**
 * The command line: one class a command, the options that several share, and the main class. Commands read options, call what
 * does the work, and print; rules and file formats belong elsewhere. The only package in which picocli may be used.
 */
package org.videotg.app.command;
