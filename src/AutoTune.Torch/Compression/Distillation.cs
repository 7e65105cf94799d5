using System.Globalization;
using TorchSharp;

namespace AutoTune;

/// <summary>The loss of a student that learns from a teacher's outputs and from the labels.</summary>
/// <remarks>
/// Source: Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network" (arXiv 1503.02531): w T² KL(softmax(t / T) ‖ softmax(s / T)) + (1 - w) CE(s, y),
/// with s and t the logits of student and teacher; T² keeps the soft part's gradients at their size when T changes (section 2). Immutable and thread-safe.
/// </remarks>
public sealed record Distillation
{
    /// <summary>A distillation.</summary>
    /// <param name="temperature">T, above 0. The higher, the more of the teacher's small outputs counts.</param>
    /// <param name="weight">w, from 0 (labels alone) to 1 (the teacher alone).</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    public Distillation(double temperature = 4, double weight = .9)
    {
        if (!(temperature > 0 && double.IsFinite(temperature))) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature of a distillation must be above 0.");
        if (weight is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a distillation must be from 0, labels alone, to 1, the teacher alone.");
        (Temperature, Weight) = (temperature, weight);
    }

    /// <summary>The temperature.</summary>
    public double Temperature { get; }

    /// <summary>The weight of the teacher's outputs; the labels have the rest.</summary>
    public double Weight { get; }

    /// <summary>The loss of a batch, a scalar.</summary>
    /// <param name="student">The student's logits, [batch, classes].</param>
    /// <param name="teacher">The teacher's logits, of the same shape, computed without gradients.</param>
    /// <param name="labels">The classes, [batch], whole numbers.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the labels are no whole numbers.</exception>
    public torch.Tensor Loss(torch.Tensor student, torch.Tensor teacher, torch.Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(labels);
        if (!student.shape.SequenceEqual(teacher.shape)) throw new ArgumentException($"The student's outputs have shape {Text(student)}, the teacher's {Text(teacher)}; both must give [batch, classes] for the same batch.", nameof(teacher));
        if (student.shape.Length != 2) throw new ArgumentException($"The student's outputs have shape {Text(student)}; a distillation of classes takes logits [batch, classes].", nameof(student));
        if (!labels.shape.SequenceEqual([student.shape[0]])) throw new ArgumentException($"The labels have shape {Text(labels)}, the outputs {Text(student)}; labels are [batch], a class each.", nameof(labels));
        if (labels.dtype != torch.ScalarType.Int64) throw new ArgumentException($"The labels are {labels.dtype}; they are the numbers of classes: labels.to(torch.int64).", nameof(labels));
        var hard = torch.nn.functional.cross_entropy(student, labels);
        if (Weight == 0) return hard;
        var target = (teacher.detach() / Temperature).log_softmax(1);
        var soft = (target.exp() * (target - (student / Temperature).log_softmax(1))).sum(1).mean() * (Weight * Temperature * Temperature);
        return Weight == 1 ? soft : soft + hard * (1 - Weight);
    }

    private static string Text(torch.Tensor tensor) => $"[{string.Join(", ", tensor.shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";
}
