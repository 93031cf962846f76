/**
 * Review by people: which samples are in doubt, what reviewers decided and how far they agree, and the page on which they
 * decide.
 */
package org.videotg.review;
