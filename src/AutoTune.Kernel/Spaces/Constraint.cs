namespace AutoTune;

/// <summary>A rule that every configuration must obey, known before it is evaluated.</summary>
internal sealed record Constraint(string Name, Func<Configuration, bool> IsMet)
{
    /// <summary>What it throws on the first of these that it cannot answer for; null if it answers for all.</summary>
    public SearchSpaceException? ErrorOn(IEnumerable<Configuration> examples)
    {
        try
        {
            foreach (var example in examples) Check(example);
            return null;
        }
        catch (SearchSpaceException error)
        {
            return error;
        }
    }

    public bool Check(Configuration configuration)
    {
        try
        {
            return IsMet(configuration);
        }
        catch (Exception error)
        {
            throw new SearchSpaceException("", [$"Constraint '{Name}' threw {error.GetType().Name} on the configuration ({configuration}): "
                + $"{error.Message.TrimEnd('.')}. A rule must answer for every configuration; read what can be inactive with TryGet."], error);
        }
    }
}
