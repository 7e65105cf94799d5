using AutoTune.Tuners.Forest;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>Trains a policy on earlier studies before the first trial.</summary>
/// <remarks>
/// First by imitation: their trials in random orders give situations, their better trials what to choose there. Then by what the policy itself does: it searches
/// each earlier study anew, where a random forest of the study's scores stands for its objective, and is improved by what that says of its choices: only so
/// does it see the situations into which its own choices lead (Ross and others 2011; learning to search on earlier tasks, Volpp and others 2020). Not thread-safe.
/// </remarks>
internal sealed class EarlierTraining(List<EarlierStudy> studies, SpaceLayout layout, Policy policy, PolicyTraining training, RandomSource random, int? trialLimit)
{
    /// <summary>How many of the best earlier trials a search begins with.</summary>
    public const int Shown = 5;

    private const int ImitationSteps = 200, Batch = 32, Horizon = 25;
    private const int Rollouts = 40, RolloutEpochs = 4;
    private const double Entropy = 0.5;
    private readonly TreeColumns _columns = new(layout);
    private readonly List<Situation[]> _situations = [];

    /// <summary>Trains.</summary>
    public void Execute()
    {
        for (var s = 0; s < studies.Count; s++) _situations.Add(SituationsOf(studies[s], random.Fork("order", s)));
        for (var step = 0; step < ImitationSteps; step++)
        {
            var source = random.Fork("imitation", step);
            training.Improve([], Draw(source, Batch, false, Horizon), Draw(source, Batch, true, Horizon), Entropy, 1);
        }

        var forests = studies.Select((study, s) => ForestOf(study, random.Fork("forest", s))).ToArray();
        for (var round = 0; round < Rollouts; round++)
        {
            var own = new List<Episode>();
            for (var s = 0; s < forests.Length; s++) own.AddRange(Search(s, forests[s], random.Fork("search", (long)round * forests.Length + s)));
            training.Improve(own, [], Draw(random.Fork("rehearsal", round), Batch, true, Horizon), Entropy, RolloutEpochs);
        }
    }

    /// <summary>The best trials of the studies: the best of each, then the second best of each, and so on.</summary>
    public Episode Best(int index) => Best(index, -1);

    /// <summary>Episodes of earlier studies, in situations like those after so many trials.</summary>
    public List<Episode> Examples(int count, int told) => Draw(random.Fork("examples", told), count, true, told);

    // Those of study number without are left out, unless it is the only one.
    private Episode Best(int index, int without)
    {
        var others = Enumerable.Range(0, studies.Count).Where(s => s != without || studies.Count == 1).ToArray();
        var ranked = studies[others[index % others.Length]].BestFirst;
        return ranked[Math.Min(index / others.Length, ranked.Length - 1)];
    }

    private List<Episode> Draw(RandomSource source, int count, bool onlyGood, int upTo)
    {
        var episodes = new List<Episode>();
        while (episodes.Count < count)
        {
            var s = episodes.Count % studies.Count;
            var trials = studies[s].Trials;
            var episode = trials[source.NextInt(trials.Length)].Episode;
            // The better of several: good trials are rare. The reward still says by how much they are.
            for (var i = 0; onlyGood && i < 3; i++)
            {
                var other = trials[source.NextInt(trials.Length)].Episode;
                if (other.Score > episode.Score) episode = other;
            }

            var situations = _situations[s];
            episodes.Add(episode with { Situation = situations[source.NextInt(Math.Min(upTo + 1, situations.Length))], LogLikelihood = double.NaN });
        }

        return episodes;
    }

    // How the study would have stood after 0, 1, ... of its trials in a random order.
    private Situation[] SituationsOf(EarlierStudy study, RandomSource source)
    {
        var order = study.Trials.ToArray();
        source.Shuffle<(TrialRank, Episode)>(order);
        var record = new StudyRecord(layout.Count, trialLimit);
        var situations = new List<Situation> { record.Situation() };
        foreach (var (rank, episode) in order.Take(4 * Horizon))
        {
            record.Add(rank, episode);
            situations.Add(record.Situation());
        }

        return [.. situations];
    }

    private RandomForest ForestOf(EarlierStudy study, RandomSource source)
    {
        var rows = study.Trials.Select(entry => RowOf(entry.Episode.Unit, entry.Episode.IsChosen)).ToArray();
        var targets = study.Trials.Select(entry => -entry.Episode.Score).ToArray();
        var forest = new RandomForest(new TreeTable(_columns, rows), targets, new ForestOptions(), source);
        forest.Fill(rows, targets);
        return forest;
    }

    private double[] RowOf(double[] unit, bool[] active)
    {
        var row = new double[_columns.Count];
        _columns.Write(unit, active, row);
        return row;
    }

    private List<Episode> Search(int study, RandomForest forest, RandomSource source)
    {
        var record = new StudyRecord(layout.Count, trialLimit);
        var trees = Enumerable.Range(0, forest.Trees).ToArray();
        // As the search on the new task will begin: with what was best elsewhere.
        for (var i = 0; i < Shown; i++)
        {
            var shown = Best(i, study);
            record.Add(new TrialRank(0, 0, 0, forest.Predict(RowOf(shown.Unit, shown.IsChosen), trees).Mean), shown);
        }

        var episodes = new List<Episode>();
        for (var t = 0; t < Horizon; t++)
        {
            double[] unit = new double[layout.Count];
            var active = new bool[layout.Count];
            var situation = record.Situation();
            var log = policy.Sample(situation, source, unit, active);
            var loss = forest.Predict(RowOf(unit, active), trees).Mean;
            var episode = new Episode(situation, unit, active) { LogLikelihood = log, Score = -loss };
            record.Add(new TrialRank(0, 0, 0, loss), episode);
            episodes.Add(episode);
        }

        return episodes;
    }
}
