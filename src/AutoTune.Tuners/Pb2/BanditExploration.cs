using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.PopulationTraining;

namespace AutoTune.Tuners.Pb2;

/// <summary>Chooses what a copy goes on with by a time-varying bandit: a Gaussian process over time, standing and hyperparameters, and an upper confidence bound.</summary>
/// <remarks>
/// <code>
/// n         stretches between comparisons that are known, of all trials                      see Improvements
/// mean, s   of the model at (next time, standing of the copied weights, hyperparameters)
/// bound     -mean + sqrt(0.2 ln(0.4 n)) s, at least its mean                                Parker-Holder and others 2020, with the constants of their program
/// </code>
/// Time is one more column of the kernel, whose learnt length says how soon what was seen is forgotten (there a factor (1 - e)^(|t - t'| / 2),
/// another kernel with one such number). What other trials go on with counts as pending: it reduces s. The same for any number of slots: only
/// whole rounds and what is settled after the last one are looked at. Where there is too little to learn from, or the model fails, moves are random ones.
/// </remarks>
internal sealed class BanditExploration(PopulationPlan plan) : IExploration
{
    private const int LeastStretches = 4;
    private static readonly GaussianProcessOptions Search = new();
    private readonly Perturbation _random = new(0.25, 1.2, 0.8);
    private (SearchSpace Space, int Round, int Count, KernelSettings Settings)? _fitted; // of the last round asked for: several copies share it

    public Configuration Explore(ExploreRequest request)
    {
        try
        {
            return Promising(request) ?? _random.Explore(request);
        }
        catch (SurrogateException)
        {
            return _random.Explore(request);
        }
    }

    /// <summary>How many standard deviations a point may be better than expected.</summary>
    internal static double Width(int stretches) => Math.Sqrt(0.2 * Math.Max(0, PortableMath.Log(0.4 * stretches)));

    private Configuration? Promising(ExploreRequest request)
    {
        var rounds = Math.Max(1.0, (plan.Steps - 1) / plan.Interval);
        var next = (request.Round + 1) / rounds;
        var here = request.Population.Of(request.Round);
        var space = request.Study.Space;
        var layout = new SpaceLayout(space, [next, StandingOf(request.Source.Id)]);
        var (observations, targets) = Improvements.Of(request.Population.Stretches.Where(stretch => stretch.Round <= request.Round), layout, rounds);
        if (targets.Length < LeastStretches || layout.Columns == layout.Context.Length) return null;
        var set = new TrainingSet(layout, observations, targets);
        if (_fitted is not { } fitted || fitted.Space != space || fitted.Round != request.Round || fitted.Count != targets.Length)
            _fitted = fitted = (space, request.Round, targets.Length, SurrogateFit.Find(set, SurrogatePrior.For(layout.EffectiveDimensions + layout.Context.Length), previous: null));
        var pending = request.Settled.Select(each => Improvements.Observe(request.Population.ConfigurationOf(each.Trial), layout, [next, StandingOf(each.Trial)])).ToList();
        var surrogate = Surrogate.Of(set, fitted.Settings, pending);
        var acquisition = new Acquisition(space, layout, surrogate, [new ConfidenceBound(surrogate, Width(targets.Length))]);
        var source = Improvements.Observe(request.Source.Configuration, layout, []);
        return AcquisitionSearch.Find(space, layout, acquisition, [source], null, [], Search, request.Random);

        double StandingOf(TrialId trial)
        {
            var loss = here.First(arrival => arrival.Trial == trial).Loss;
            return here.Count < 2 ? 0 : here.Count(arrival => arrival.Loss < loss) / (here.Count - 1.0);
        }
    }
}
