using System.Collections.Immutable;

namespace AutoTune.Tuners.Online;

/// <summary>How <c>TuneOnline</c> adapts a live model. Immutable and thread-safe.</summary>
public sealed record OnlineOptions
{
    /// <summary>How many models are kept alive and learn from every batch, the champion among them: 2 to 64. Default 8: eight times the work of one model.</summary>
    public int Models { get; init; } = 8;

    /// <summary>What predicts. Default <see cref="OnlinePrediction.Mixture"/>.</summary>
    public OnlinePrediction Prediction { get; init; } = OnlinePrediction.Mixture;

    /// <summary>The chance at most that a challenger which is no better becomes champion, over all the looks at it: above 0, below 0.5. Default 0.05.</summary>
    public double Error { get; init; } = 0.05;

    /// <summary>
    /// How many batches a challenger is given at first, unless it is seen to be worse; one that is ahead then is given as many as it had. 4 or more. Default 128: what learns faster in the end is seldom
    /// ahead at first. An eighth of it, at least 4, is how long the explorer learns before it is copied, and how long a drift counts as recent.
    /// </summary>
    public int Patience { get; init; } = 128;

    /// <summary>In how many batches on average a drift may be reported where there is none: 100 or more. Default 10,000.</summary>
    public double BatchesPerFalseAlarm { get; init; } = 10_000;

    /// <summary>How many champions of the past are kept, to come back when what they knew does: 0 or more. Default 4.</summary>
    public int Archive { get; init; } = 4;

    /// <summary>Real hyperparameters that are raised after a drift, such as the learning rate. Default none; the adapters know their own.</summary>
    public ImmutableArray<Hyperparameter> Raised { get; init; } = [];

    /// <summary>With what the first champion begins; null, the default: the space's defaults, or where those break a constraint a random configuration that meets all.</summary>
    public Configuration? Start { get; init; }

    /// <summary>The seed. Default 0: what is decided repeats with the seed and the stream.</summary>
    public long Seed { get; init; }

    /// <summary>In how many batches what was begun is taken to have settled.</summary>
    internal int Settling => Math.Max(4, Patience / 8);

    internal OnlineOptions Validated(SearchSpace space)
    {
        new OptionRules(nameof(OnlineOptions))
            .Demand(Models is >= 2 and <= 64, nameof(Models), Models, "from 2 to 64")
            .Demand(Prediction is OnlinePrediction.Mixture or OnlinePrediction.Champion, nameof(Prediction), (int)Prediction, "Mixture or Champion")
            .Demand(Error is > 0 and < 0.5, nameof(Error), Error, "above 0 and below 0.5")
            .Demand(Patience >= 4, nameof(Patience), Patience, "4 or more")
            .Demand(BatchesPerFalseAlarm is >= 100 and < double.PositiveInfinity, nameof(BatchesPerFalseAlarm), BatchesPerFalseAlarm, "100 or more")
            .Demand(Archive >= 0, nameof(Archive), Archive, "0 or more")
            .Check();
        if (space.Hyperparameters.IsEmpty) throw new ArgumentException("The search space has no hyperparameters; TuneOnline has nothing to adapt. Add one, such as space.AddReal(\"rate\", 1e-4, 1, Scale.Log).", nameof(space));
        foreach (var raised in Raised.IsDefault ? [] : Raised)
        {
            if (raised is null) throw new ArgumentException($"{nameof(OnlineOptions)}.{nameof(Raised)} holds a null; give it hyperparameters of the space, such as the learning rate, or leave it out.", nameof(space));
            if (!space.Hyperparameters.Contains(raised)) throw new ArgumentException($"{nameof(OnlineOptions)}.{nameof(Raised)}: '{raised.Name}' does not belong to the space; use the handle that its builder gave.", nameof(space));
            if (raised.Domain is not RealDomain) throw new ArgumentException($"{nameof(OnlineOptions)}.{nameof(Raised)}: '{raised.Name}' is no real hyperparameter; only those can be raised after a drift.", nameof(space));
        }

        if (Start is { } start && !ReferenceEquals(start.Space, space) && start.Space.DifferencesFrom(space) is { IsEmpty: false } differences)
            throw new ArgumentException($"{nameof(OnlineOptions)}.{nameof(Start)} is of another space: {differences[0]}. Make it with space.Configure(...).", nameof(space));
        if (Start is not null && space.BrokenConstraints(Start) is { IsEmpty: false } broken)
            throw new ArgumentException($"{nameof(OnlineOptions)}.{nameof(Start)} ({Start}) breaks the constraint{(broken.Length > 1 ? "s" : "")} '{string.Join("' and '", broken)}'; give one that meets all, or leave it out.", nameof(space));
        return this with { Raised = Raised.IsDefault ? [] : [.. Raised.Distinct()] };
    }
}

/// <summary>What predicts while models are tuned online.</summary>
public enum OnlinePrediction
{
    /// <summary>All live models, weighted by how well each did of late: AdaHedge (de Rooij and others 2014), with losses that fade.</summary>
    Mixture,

    /// <summary>The champion alone: one model's work to predict.</summary>
    Champion,
}
