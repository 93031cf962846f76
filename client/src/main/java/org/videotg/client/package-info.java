/**
 * Models behind OpenAI-compatible servers: addresses, kinds, requests and their retries, videos that are sent. No tensor
 * is computed here.
 */
package org.videotg.client;
