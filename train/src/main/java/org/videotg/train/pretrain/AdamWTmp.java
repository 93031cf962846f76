package org.videotg.train.pretrain;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.tensor.Tensors;

final class AdamWTmp {
    private final Map<String, Tensor> m = new LinkedHashMap<>();
    private final Map<String, Tensor> v = new LinkedHashMap<>();
    private int step;

    double step(Map<String, Tensor> parameters, Map<String, Tensor> grads, double lr, double clip) {
        step++;
        double norm2 = 0;
        for (Tensor g : grads.values()) {
            double n = g.norm().item_double();
            norm2 += n * n;
        }
        double norm = Math.sqrt(norm2);
        double scale = norm > clip ? clip / norm : 1;
        double b1 = 0.9;
        double b2 = 0.98;
        grads.forEach((name, g) -> {
            Tensor p = parameters.get(name);
            Tensor mm = m.computeIfAbsent(name, k -> Tensors.keep(torch.zeros_like(g)));
            Tensor vv = v.computeIfAbsent(name, k -> Tensors.keep(torch.zeros_like(g)));
            g.mul_(new Scalar(scale));
            mm.mul_(new Scalar(b1)).add_(g, new Scalar(1 - b1));
            vv.mul_(new Scalar(b2)).addcmul_(g, g, new Scalar(1 - b2));
            Tensor denom = vv.sqrt().mul_(new Scalar(1 / Math.sqrt(1 - Math.pow(b2, step)))).add_(new Scalar(1e-8));
            if (p.dim() > 1) {
                p.mul_(new Scalar(1 - lr * 0.01));
            }
            p.addcdiv_(mm, denom, new Scalar(-lr / (1 - Math.pow(b1, step))));
        });
        return norm;
    }
}
