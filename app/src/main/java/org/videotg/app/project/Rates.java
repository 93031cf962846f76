package org.videotg.app.project;

import org.videotg.core.config.Setting;

/** Cost by stage: CPU seconds on one core with the small model, and bytes on disk. */
public record Rates(
        @Setting(value = "CPU seconds to start a process", defaultValue = "4")
        double start,

        @Setting(value = "CPU seconds to render a video", defaultValue = "0.05")
        double world,

        @Setting(value = "CPU seconds to encode a video", defaultValue = "0.031")
        double features,

        @Setting(value = "CPU seconds of both agents for a sample", defaultValue = "0.04")
        double agents,

        @Setting(value = "CPU seconds of GRPO for a sample and epoch", defaultValue = "0.043")
        double grpo,

        @Setting(value = "CPU seconds of SFT for a sample and epoch", defaultValue = "0.03")
        double sft,

        @Setting(value = "CPU seconds to evaluate a sample", defaultValue = "0.023")
        double eval,

        @Setting(value = "bytes of a rendered video", defaultValue = "190000")
        long videoBytes,

        @Setting(value = "bytes of the cached features of a video", defaultValue = "37000")
        long featureBytes,

        @Setting(value = "bytes of a trained arm", defaultValue = "40000000")
        long armBytes) {}
