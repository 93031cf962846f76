package org.videotg.core.mllm;

import java.nio.file.Path;
import org.videotg.core.sample.Interval;

class ScriptedMllmTest extends MllmContract {
    @Override
    protected Mllm open() {
        return new ScriptedMllm(0.3, true).knows("v.mp4", 32, query(), new Interval(3, 8), new Interval(20, 22));
    }

    @Override
    protected Path video() {
        return Path.of("v.mp4");
    }
}
