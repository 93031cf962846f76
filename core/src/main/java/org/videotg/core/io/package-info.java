/** Reading and writing of JSON, JSON lines and files that appear whole or not at all. Knows no sample and no verdict. */
package org.videotg.core.io;
