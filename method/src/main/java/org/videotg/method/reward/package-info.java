/**
 * Rewards of one reply to one sample, and their weighted sum. Pure functions of sample and reply, as are those that users bring
 * ({@link org.videotg.method.reward.RewardFunction}): how replies are read belongs to {@code prompt}, how a group of rewards
 * becomes an advantage to training, how a data set is scored to {@code metric}. That GRPO is rewarded with IoU and format is
 * the paper's; every formula detail, the weights and what happens to a repaired sample are defined by this project.
 */
package org.videotg.method.reward;
