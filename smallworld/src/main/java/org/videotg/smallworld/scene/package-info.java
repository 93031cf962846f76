/** Scenes as pure functions of seed, domain, split and number: objects, queries and frames. No files. */
package org.videotg.smallworld.scene;
