using System.Collections.Immutable;
using AutoTune.Spaces;
using AutoTune.Tuners.Tpe;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>The finished trials of an earlier study in the space of this one, with the scores of their ranks.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class EarlierStudy
{
    private EarlierStudy(ImmutableArray<(TrialRank Rank, Episode Episode)> trials, ImmutableArray<Episode> bestFirst) => (Trials, BestFirst) = (trials, bestFirst);

    /// <summary>Its trials in their order; situations are empty, as nobody knows what their tuner saw.</summary>
    public ImmutableArray<(TrialRank Rank, Episode Episode)> Trials { get; }

    /// <summary>Those with a loss, the best one first.</summary>
    public ImmutableArray<Episode> BestFirst { get; }

    /// <summary>The studies that have something in common with a space, and trials with losses.</summary>
    public static List<EarlierStudy> All(SearchSpace space, ImmutableArray<StudyView> studies)
    {
        var all = new List<EarlierStudy>();
        foreach (var study in studies)
        {
            var trials = study.Trials.Where(trial => trial.IsFinished).Select(trial => (TrialRank.Of(trial), EpisodeOf(trial, space)))
                .Where(entry => Array.Exists(entry.Item2.IsChosen, isChosen => isChosen)).ToImmutableArray();
            if (trials.Count(entry => entry.Item1.HasLoss) < 2) continue;
            var record = new StudyRecord(space.Hyperparameters.Length, trials.Length);
            foreach (var (rank, episode) in trials) record.Add(rank, episode);
            record.Rate();
            all.Add(new EarlierStudy(trials, [.. record.BestFirst.Take(trials.Count(entry => entry.Item1.HasLoss))]));
        }

        return all;
    }

    private static Episode EpisodeOf(Trial trial, SearchSpace space)
    {
        double[] unit = new double[space.Hyperparameters.Length], codes = new double[unit.Length];
        var isKnown = new bool[unit.Length];
        space.Encoding.Encode(space.Default, unit, []);
        var theirs = trial.Configuration.Values.ToDictionary(value => value.Hyperparameter.Name, StringComparer.Ordinal);
        foreach (var dimension in space.Encoding.Dimensions)
        {
            var mine = dimension.Hyperparameter;
            // A child whose parent's value is not known to make it exist stays out too.
            if (mine.ActiveWhen is { Parent: var parent } condition
                && !(isKnown[parent.Index] && condition.Labels.Contains(parent.Domain.Format(codes[parent.Index])))) continue;
            if (!theirs.TryGetValue(mine.Name, out var value)) continue;
            var code = CodeOf(mine, value);
            if (double.IsNaN(code)) continue;
            codes[mine.Index] = code;
            unit[mine.Index] = UnitOf(dimension, code);
            isKnown[mine.Index] = true;
        }

        return new Episode(new Situation(new double[Situation.FeatureCount], [], []), unit, isKnown);
    }

    // The code of a value of the same name; NaN where it is none of ours. Choices are told apart by their text.
    private static double CodeOf(Hyperparameter mine, HyperparameterValue value)
    {
        var isChoice = mine.Domain is ChoiceDomain;
        if (isChoice != value.Hyperparameter.Domain is ChoiceDomain) return double.NaN;
        var code = mine.Domain is ChoiceDomain choices ? choices.Labels.IndexOf(value.Text) : mine.ToCode(value.Value);
        return mine.Domain.Contains(code) ? code : double.NaN;
    }

    private static double UnitOf(EncodedDimension dimension, double code) => dimension.Hyperparameter.Domain switch
    {
        ChoiceDomain => dimension.UnitOfLevel((long)code),
        IntegerDomain integer => dimension.UnitOfLevel((long)((code - integer.Low) / integer.Step)),
        RealDomain { Low: var low, High: var high } when low == high => 0.5,
        RealDomain { Step: { } step } real => dimension.UnitOfLevel((long)Math.Round((code - real.Low) / step)),
        RealDomain { Scale: Scale.Log } real => PortableMath.Log(code / real.Low) / PortableMath.Log(real.High / real.Low),
        RealDomain real => (code / 2 - real.Low / 2) / (real.High / 2 - real.Low / 2),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
