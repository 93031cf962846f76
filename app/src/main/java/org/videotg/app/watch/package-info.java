/** Training runs shown in a browser while they train, and after. */
package org.videotg.app.watch;
