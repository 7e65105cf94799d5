namespace AutoTune.Tuning;

/// <summary>Quasi-random search: the trial's number is its index in a scrambled Sobol sequence, so replay needs no counter.</summary>
internal sealed class QuasiRandomTuner(SearchSpace space, RandomSource random) : ITuner
{
    private readonly SobolSequence? _sequence = space.Hyperparameters.IsEmpty ? null : new SobolSequence(space.Hyperparameters.Length, random);

    public Proposal Ask(AskRequest request)
    {
        if (_sequence is null) return new Proposal.Evaluate(space.Default);
        var unit = new double[space.Hyperparameters.Length];
        _sequence.Point(request.Trial.Number, unit);
        var configuration = space.Encoding.Decode(unit);
        // Where a constraint cuts the point away, a random one takes its place: the others stay evenly spread.
        return new Proposal.Evaluate(space.MeetsConstraints(configuration) ? configuration : space.Sample(request.Random));
    }

    public void Tell(Trial trial) { }
}
