/**
 * Models behind OpenAI-compatible servers: addresses, kinds of servers, requests and their retries, and the videos that
 * are sent. No tensor is computed here.
 */
package org.videotg.client;
