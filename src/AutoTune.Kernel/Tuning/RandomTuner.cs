namespace AutoTune.Tuning;

/// <summary>Random search: each proposal uniform on the space (Bergstra and Bengio 2012).</summary>
internal sealed class RandomTuner(SearchSpace space) : ITuner
{
    public Proposal Ask(AskRequest request) => new Proposal.Evaluate(space.Sample(request.Random));

    public void Tell(Trial trial) { }
}
