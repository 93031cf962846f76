package org.videotg.training.distributed;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.tensor.Device;

/** A training in this process alone. */
public final class SingleProcess implements ProcessGroup {
    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public int localRank() {
        return 0;
    }

    @Override
    public List<RankName> names() {
        return List.of();
    }

    @Override
    public void use(Device device) {}

    @Override
    public <T> List<List<T>> gather(List<T> mine, Class<T> type) {
        return List.of(mine);
    }

    @Override
    public Exchange exchange(Tensor received, Tensor sent) {
        received.copy_(sent);
        return () -> {};
    }

    @Override
    public void complete(Tensor whole) {}

    @Override
    public void stepsBegin() {}

    @Override
    public void progress() {}

    @Override
    public void whileWriting(Runnable write) {
        write.run();
    }

    @Override
    public void askToStop() {}

    @Override
    public boolean isStopping() {
        return false;
    }

    @Override
    public void fail(String message) {}

    @Override
    public Spent spent() {
        return new Spent(0, 0, 0);
    }

    @Override
    public void close() {}
}
