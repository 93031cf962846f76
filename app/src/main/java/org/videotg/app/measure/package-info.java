/**
 * Measurements of this machine: agreement with the CPU, peak of matrix products, speed and memory of models of true
 * shapes, and advice.
 */
package org.videotg.app.measure;
