namespace AutoTune;

/// <summary>A rule that every configuration must obey, known before it is evaluated.</summary>
internal sealed record Constraint(string Name, Func<Configuration, bool> IsMet)
{
    public bool Check(Configuration configuration)
    {
        try
        {
            return IsMet(configuration);
        }
        catch (Exception error)
        {
            throw new SearchSpaceException("", [
                $"Constraint '{Name}' threw on {configuration}: {error.Message} Read hyperparameters that can be inactive with TryGet."]);
        }
    }
}
