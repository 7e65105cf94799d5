using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

[TestClass]
public sealed class DistillationTests
{
    [TestMethod]
    public void Loss_OfABatch_IsHintonsFormula()
    {
        using var scope = NewDisposeScope();
        double[] student = [1, 2, -1], teacher = [0, 3, 1];
        const double T = 3, W = .7;
        double[] Softmax(double[] logits, double t) => [.. logits.Select(logit => Math.Exp(logit / t) / logits.Sum(other => Math.Exp(other / t)))];
        var divergence = Softmax(teacher, T).Zip(Softmax(student, T), (p, q) => p * Math.Log(p / q)).Sum();
        var expected = W * T * T * divergence - (1 - W) * Math.Log(Softmax(student, 1)[2]);
        var loss = new Distillation(T, W).Loss(tensor(student).reshape(1, 3), tensor(teacher).reshape(1, 3), tensor(new[] { 2L }));
        Assert.AreEqual(expected, loss.item<double>(), 1e-12);
    }

    [TestMethod]
    public void Loss_OfTheTeacherAlone_IsZeroWhereTheyAgreeAndSendsItNoGradient()
    {
        using var scope = NewDisposeScope();
        var teacher = randn(4, 3, requires_grad: true);
        var student = teacher.detach().clone().requires_grad_();
        var loss = new Distillation(2, 1).Loss(student, teacher, zeros(4, ScalarType.Int64));
        Assert.AreEqual(0, loss.item<float>(), 1e-6);
        loss.backward();
        Assert.IsNull(teacher.grad);
        Assert.AreEqual(0, student.grad!.abs().max().item<float>(), 1e-6);
    }

    [TestMethod]
    public void AddDistillation_InASpace_GivesThatOfTheConfiguration()
    {
        var space = new SearchSpaceBuilder();
        var distillations = space.AddDistillation("distillation", new DistillationOptions { Weight = .5 });
        Assert.AreEqual("distillation.Temperature=4", space.Build().Default.ToString());
        Assert.AreEqual(new Distillation(4, .5), distillations.Create(space.Build().Default));
    }

    [TestMethod]
    public void Loss_OfShapesThatDoNotFit_SaysWhich()
    {
        using var scope = NewDisposeScope();
        var distillation = new Distillation();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => distillation.Loss(zeros(2, 3), zeros(2, 4), zeros(2, ScalarType.Int64))).Message, "The student's outputs have shape [2, 3], the teacher's [2, 4]; both must give [batch, classes] for the same batch.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => distillation.Loss(zeros(2), zeros(2), zeros(2, ScalarType.Int64))).Message, "The student's outputs have shape [2]; a distillation of classes takes logits [batch, classes].");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => distillation.Loss(zeros(2, 3), zeros(2, 3), zeros(3, ScalarType.Int64))).Message, "The labels have shape [3], the outputs [2, 3]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => distillation.Loss(zeros(2, 3), zeros(2, 3), zeros(2))).Message, "The labels are Float32; they are the numbers of classes: labels.to(torch.int64).");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Distillation(0)).Message, "The temperature of a distillation must be above 0.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Distillation(1, 2)).Message, "The weight of a distillation must be from 0");
    }
}
