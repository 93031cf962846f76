/**
 * Rewards of a reply and their weighted sum, as pure functions of sample and reply. IoU and format rewards are
 * published; formula details, weights and the treatment of repaired samples are defined by this project.
 */
package org.videotg.method.reward;
