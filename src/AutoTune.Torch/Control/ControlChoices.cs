using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Torch.Control;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>What a controller may change in a training, within which ranges: <c>c => c.LearningRate(1e-4, 1).WeightDecay(1e-6, 1e-2)</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record ControlChoices
{
    internal const double UsualWarmUp = .05;

    private ControlChoices() { }

    internal static ControlChoices None { get; } = new();

    internal TrainingController? Controller { get; private init; }

    internal string? Folder { get; private init; }

    internal double? WarmUpShare { get; private init; }

    private ImmutableArray<Func<OptimizerHelper, ControlledSetting>> Settings { get; init; } = [];

    /// <summary>The learning rate: a warm-up, then half a cosine down to 0 over the whole training, whose height the controller multiplies. It begins with the optimizer's rate; groups keep their proportions.</summary>
    /// <param name="low">The lowest height of the largest group's rate, above 0.</param>
    /// <param name="high">The highest, above the lowest.</param>
    public ControlChoices LearningRate(double low, double high)
    {
        Demand("LearningRate", low, high);
        return With(optimizer => Setting("learning rate", ControlKind.Rate, low, high, optimizer.ParamGroups.Max(group => group.InitialLearningRate), "optimizer's learning rate", _ => { }));
    }

    /// <summary>The weight decay of SGD, Adam, AdamW or RMSprop. It begins with the optimizer's, which must not be 0; groups keep their proportions.</summary>
    /// <param name="low">The lowest of the largest group's decay, above 0.</param>
    /// <param name="high">The highest, above the lowest.</param>
    public ControlChoices WeightDecay(double low, double high)
    {
        Demand("WeightDecay", low, high);
        return With(optimizer =>
        {
            var decays = WeightDecays.Of(optimizer);
            var largest = decays.Max(decay => decay.Value);
            return Setting("weight decay", ControlKind.Restraint, low, high, largest, "optimizer's weight decay", value =>
            {
                foreach (var decay in decays) decay.Set(decay.Value * value / largest);
            });
        });
    }

    /// <summary>A strength that keeps the network from learning its examples by heart: of augmentation, dropout, label smoothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The lowest, above 0.</param>
    /// <param name="high">The highest, above the lowest.</param>
    /// <param name="start">The first, within the range.</param>
    /// <param name="apply">Gives the training a strength: <c>value => strength.fill_(value)</c> for the tensor of <see cref="Augmenter.WithStrength"/>.</param>
    public ControlChoices Strength(string name, double low, double high, double start, Action<double> apply)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(apply);
        Demand(name, low, high);
        return With(_ => Setting(name, ControlKind.Restraint, low, high, start, "first strength", apply));
    }

    /// <summary>Which controller decides; by default <see cref="TrainingController.Pretrained"/>.</summary>
    /// <param name="controller">The controller.</param>
    public ControlChoices Use(TrainingController controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        return this with { Controller = controller };
    }

    /// <summary>
    /// Learns across trainings: this one begins with what those recorded in the folder have taught, explores, and leaves its own record there when its last epoch ends; within a study also when it ends before, with what there was to learn from.
    /// </summary>
    /// <param name="folder">The folder; one for each task, since its trainings are compared with each other. It is made if it is not there.</param>
    /// <remarks>A trial that is tried again, and a study that is run again with its seed and its artifacts' folder, replace their own records. Exploring costs something: for the training that counts take <c>Use(TrainingController.Pretrained.Learn(folder))</c>.</remarks>
    public ControlChoices LearnIn(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return this with { Folder = folder };
    }

    /// <summary>Over which share of the steps the learning rate warms up. Default .05. Only with <see cref="LearningRate"/>.</summary>
    /// <param name="share">The share, from 0 to below 1.</param>
    public ControlChoices WarmUp(double share)
        => share is >= 0 and < 1 ? this with { WarmUpShare = share }
            : throw new ArgumentOutOfRangeException(nameof(share), share, "The warm-up's share of the steps must be from 0 to below 1.");

    internal ImmutableArray<ControlledSetting> Of(OptimizerHelper optimizer)
    {
        if (Settings.IsEmpty) throw new ArgumentException("The controller has nothing to change; name at least one setting: c => c.LearningRate(1e-4, 1).");
        ImmutableArray<ControlledSetting> settings = [.. Settings.Select(setting => setting(optimizer))];
        if (settings.GroupBy(setting => setting.Name).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new ArgumentException($"The controller is given '{twice.Key}' twice; a setting has one range.");
        if (WarmUpShare is not null && !settings.Any(setting => setting.Kind == ControlKind.Rate))
            throw new ArgumentException("WarmUp is given without a learning rate, which is what warms up; add c.LearningRate(low, high), or leave WarmUp away.");
        return settings;
    }

    private static ControlledSetting Setting(string name, ControlKind kind, double low, double high, double start, string what, Action<double> apply)
        => start >= low && start <= high ? new ControlledSetting(name, kind, low, high, start, apply)
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The {what} is {start}, the controller's range for '{name}' is {low} to {high}; begin within it: the controller multiplies."));

    private static void Demand(string name, double low, double high)
    {
        if (!(low > 0 && high > low && double.IsFinite(high)))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The controller's range of '{name}', {low} to {high}, must begin above 0 and end above that: the controller multiplies."));
    }

    private ControlChoices With(Func<OptimizerHelper, ControlledSetting> setting) => this with { Settings = Settings.Add(setting) };
}
