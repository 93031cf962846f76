/** Settings from texts: defaults, and what a recipe or a command line says otherwise. */
package org.videotg.app.settings;
