/** Models, adapters and data sets with their cards, as they are pushed to a hub. */
package org.videotg.app.publish;
