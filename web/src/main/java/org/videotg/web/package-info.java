/**
 * Pages and answers over HTTP: a server that is safe by default, its routes, requests and answers. What is asked and
 * answered belongs to the modules that use it; no other package knows the web library.
 */
package org.videotg.web;
