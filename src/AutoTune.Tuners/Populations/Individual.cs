namespace AutoTune.Tuners.Populations;

/// <summary>A finished trial as a point of the unit cube, and how good it is there.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Unit">Its point, at the centres of the bins; the default where a coordinate does not exist (d).</param>
/// <param name="Active">Which coordinates exist there (d).</param>
/// <param name="Standing">How good it is.</param>
/// <param name="Trial">Which trial it was.</param>
internal sealed record Individual(Configuration Configuration, double[] Unit, bool[] Active, Standing Standing, TrialId Trial) : IComparable<Individual>
{
    public static Individual Of(Trial trial, SearchSpace space) => Of(trial.Configuration, Standing.Of(trial), trial.Id, space);

    public static Individual Of(Configuration configuration, Standing standing, TrialId trial, SearchSpace space)
    {
        var unit = new double[space.Encoding.Dimensions.Length];
        var active = new bool[unit.Length];
        space.Encoding.Encode(configuration, unit, active);
        return new Individual(configuration, unit, active, standing, trial);
    }

    public int CompareTo(Individual? other)
    {
        if (other is null) return -1;
        var byStanding = Standing.CompareTo(other.Standing);
        return byStanding != 0 ? byStanding : Trial.CompareTo(other.Trial);
    }
}
