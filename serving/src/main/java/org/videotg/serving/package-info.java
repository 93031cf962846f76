/**
 * A model behind HTTP, as an OpenAI-compatible server: routes, named videos, measurements and a page. How HTTP is spoken
 * safely belongs to {@link org.videotg.web}.
 */
package org.videotg.serving;
