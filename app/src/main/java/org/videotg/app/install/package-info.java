/** Where this program and its caches lie, and how its child processes are started. No command may enter. */
package org.videotg.app.install;
