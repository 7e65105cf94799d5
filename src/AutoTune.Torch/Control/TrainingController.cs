using System.Text;
using AutoTune.Torch.Control;

namespace AutoTune;

/// <summary>
/// An agent that has learnt, over trainings, how to change learning rate, weight decay and strengths of augmentation while a network trains. What it sees is free of scale, so that it
/// serves networks and data that it has not seen: <c>trial.Control(net, optimizer, batches, c => c.LearningRate(1e-4, 1))</c>.
/// </summary>
/// <remarks>
/// Xu and others 2019, "Learning an adaptive learning rate schedule"; Daniel and others 2016, "Learning step size controllers for robust neural network training". Immutable and thread-safe.
/// </remarks>
public sealed class TrainingController
{
    private const int Batch = 8; // trainings an improvement
    private static readonly Lazy<TrainingController> Shipped = new(() =>
    {
        using var stream = typeof(TrainingController).Assembly.GetManifestResourceStream("AutoTune.Torch.Control.pretrained.policy")!;
        return Load(stream);
    });

    private readonly ControlPolicy _policy;

    internal TrainingController(ControlPolicy policy) => _policy = policy;

    /// <summary>The one that comes with the library, trained on many small trainings of other data.</summary>
    public static TrainingController Pretrained => Shipped.Value;

    /// <summary>One that has learnt nothing: it leaves settings as they are, so that the learning rate is a warm-up and a cosine.</summary>
    public static TrainingController Untrained { get; } = new(ControlPolicy.Untrained());

    /// <summary>A policy of one's own, since it has buffers.</summary>
    internal ControlPolicy Policy => _policy.Copy();

    /// <summary>Reads what <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no controller, or one of another version.</exception>
    public static TrainingController Load(string path)
    {
        using var stream = File.OpenRead(path);
        return Load(stream);
    }

    /// <summary>Reads what <see cref="Save(Stream)"/> wrote.</summary>
    /// <param name="stream">Where from; it stays open.</param>
    /// <exception cref="InvalidDataException">It is no controller, or one of another version.</exception>
    public static TrainingController Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return new TrainingController(ControlPolicy.Read(reader));
    }

    /// <summary>Writes it to a file, a number a line.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    public void Save(string path)
    {
        using var stream = File.Create(path);
        Save(stream);
    }

    /// <summary>Writes it, a number a line.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        _policy.Write(writer);
    }

    /// <summary>A controller that has learnt from the trainings recorded in a folder, too, eight at a time: those that <see cref="ControlChoices.LearnIn"/> left there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">A record in it is damaged, or of another version.</exception>
    public TrainingController Learn(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Learn(TrainingRecord.In(folder));
    }

    internal TrainingController Learn(IEnumerable<TrainingRecord> records)
    {
        var policy = Policy;
        var training = new ControllerTraining(policy);
        foreach (var some in records.Chunk(Batch).Where(some => some.Length == Batch)) training.Improve(some);
        return new TrainingController(policy);
    }
}
