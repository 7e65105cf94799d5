namespace AutoTune.Studies;

/// <summary>What has been tried, by configuration and budget.</summary>
/// <param name="readsPart">
/// Whether a trial may read only part of what it was given, as in spaces that the objective declares. It then stands for every
/// configuration that agrees on that part: the objective would read the same again.
/// </param>
internal sealed class TriedConfigurations(bool readsPart)
{
    private readonly HashSet<(Configuration Configuration, int? Budget)> _tried = []; // asked for membership only
    private readonly List<bool[]> _parts = []; // which hyperparameters some trial has read

    public int Count => _tried.Count;

    public void Clear()
    {
        _tried.Clear();
        _parts.Clear();
    }

    public void Add(Configuration configuration, int? budget)
    {
        _tried.Add((configuration, budget));
        if (!readsPart) return;
        var part = Array.ConvertAll(configuration.Codes.ToArray(), code => !double.IsNaN(code));
        if (part.Contains(true) && !_parts.Exists(known => known.SequenceEqual(part))) _parts.Add(part);
    }

    public bool Contains(Configuration configuration, int? budget)
    {
        if (_tried.Contains((configuration, budget))) return true;
        foreach (var part in _parts)
        {
            var codes = configuration.Codes.ToArray();
            for (var i = 0; i < codes.Length; i++) codes[i] = part[i] ? codes[i] : double.NaN;
            if (_tried.Contains((new Configuration(configuration.Space, codes), budget))) return true;
        }

        return false;
    }
}
