using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

[TestClass]
public sealed class SmallerNetworkTests
{
    [TestMethod]
    public void ShrinkAndDistill_OnFashionMnist_HalvesTheSizeAtAPointOfAccuracyAtMost()
    {
        using var scope = NewDisposeScope();
        using var generator = manual_seed(1);
        set_num_threads(1);
        var (images, labels) = FashionMnist.Load("train");
        var (unseen, truth) = FashionMnist.Load("t10k");
        using var teacher = nn.Sequential(("in", nn.Linear(784, 256)), ("relu1", nn.ReLU()), ("hidden", nn.Linear(256, 128)), ("relu2", nn.ReLU()), ("out", nn.Linear(128, 10)));
        Train(teacher, images, labels, epochs: 6, (output, _, wanted) => nn.functional.cross_entropy(output, wanted));
        using var student = StructuredPruning.Shrink(teacher, .35);
        var distillation = new Distillation(temperature: 4, weight: .9);
        Train(student, images, labels, epochs: 6, (output, input, wanted) =>
        {
            using var none = no_grad();
            var soft = teacher.call(input);
            using var with = enable_grad();
            return distillation.Loss(output, soft, wanted);
        });

        var (before, after) = (ModelSize.Of(teacher), ModelSize.Of(student));
        Assert.IsLessThanOrEqualTo(before.Bytes / 2, after.Bytes);
        var (old, small) = (Accuracy(teacher, unseen, truth), Accuracy(student, unseen, truth));
        Assert.IsGreaterThan(.84, old);
        Assert.IsGreaterThanOrEqualTo(old - .01, small, $"teacher {old}, student {small}");
    }

    [TestMethod]
    public void Prune_OnFashionMnist_LosesAPointOfAccuracyAtMostAtSeventyPercent()
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);
        var (images, labels) = FashionMnist.Load("train");
        var (unseen, truth) = FashionMnist.Load("t10k");
        double Trained(double sparsity)
        {
            using var generator = manual_seed(2);
            using var net = nn.Sequential(("in", nn.Linear(784, 64)), ("relu", nn.ReLU()), ("out", nn.Linear(64, 10)));
            var pruning = new MagnitudePruning(net, sparsity, 50, 350);
            Train(net, images, labels, epochs: 5, (output, _, wanted) => nn.functional.cross_entropy(output, wanted), pruning.Apply);
            Assert.AreEqual(sparsity, ModelSize.Of(net).Sparsity, .01);
            return Accuracy(net, unseen, truth);
        }

        var (dense, pruned) = (Trained(0), Trained(.7));
        Assert.IsGreaterThanOrEqualTo(dense - .01, pruned, $"dense {dense}, pruned {pruned}");
    }

    private static void Train(Sequential net, Tensor images, Tensor labels, int epochs, Func<Tensor, Tensor, Tensor, Tensor> loss, Action<int>? afterStep = null)
    {
        using var optimizer = optim.AdamW(net.parameters(), 1e-3);
        var schedule = LearningRateSchedule.Cosine(epochs * 100);
        net.train();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            using var outer = NewDisposeScope();
            var order = randperm(images.shape[0]);
            for (var batch = 0; batch < 100; batch++)
            {
                using var inner = NewDisposeScope();
                var rows = order.narrow(0, batch * 100, 100);
                var input = images.index_select(0, rows);
                schedule.Apply(optimizer, epoch * 100 + batch);
                optimizer.zero_grad();
                loss(net.call(input), input, labels.index_select(0, rows)).backward();
                optimizer.step();
                afterStep?.Invoke(epoch * 100 + batch);
            }
        }
    }

    private static double Accuracy(Sequential net, Tensor images, Tensor labels)
    {
        net.eval();
        using var none = no_grad();
        return net.call(images).argmax(1).eq(labels).to(ScalarType.Float64).mean().item<double>();
    }
}
