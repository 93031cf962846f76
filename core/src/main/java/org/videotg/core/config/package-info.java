/** Settings of recipes, agents, the demo and pretraining: read from YAML into records that describe their keys. */
package org.videotg.core.config;
