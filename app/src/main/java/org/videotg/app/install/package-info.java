/** The folders of the program and its caches, and the start of its child processes. */
package org.videotg.app.install;
