namespace AutoTune.Tuners.Architecture;

/// <summary>What of a cell counts: its operations as nodes of a graph, without edges that are none, skips, and what does not lead to the output.</summary>
/// <remarks>
/// <code>
/// value of node j   a sum of terms: of each edge into j that is not none, and whose source is not nothing, the edge's operation of the source's value;
///                   of a skip the source's terms themselves
/// term              an operation that is there once, with its weights; term 0 is the input
/// form              the terms from which the output's sum is reached, and that sum as the last node; an arc says how often a term is in a sum
/// </code>
/// So cells that differ only in what has no effect have the same form, and so have cells whose nodes are only numbered otherwise. The key is a hash of the form by
/// refined colours (Weisfeiler and Lehman 1968), both along and against the arcs: equal for equal forms. What is called equal is equal up to first weights. Of the 15,625 cells of
/// NAS-Bench-201, whose authors count 6,466 that differ (Dong and Yang 2020, section 2.1), 5,425 are left, as edges that carry nothing are gone altogether. Immutable.
/// </remarks>
internal sealed class CellForm
{
    private CellForm(int[] kinds, (int From, int To, int Times)[] arcs)
    {
        Kinds = kinds;
        Arcs = arcs;
        Key = KeyOf(kinds, arcs);
    }

    /// <summary>Of each node its operation's number plus 2; 0 of the input, which is first, and 1 of the output, which is last (n).</summary>
    public int[] Kinds { get; }

    /// <summary>The arcs, each from an earlier node to a later one.</summary>
    public (int From, int To, int Times)[] Arcs { get; }

    /// <summary>Equal for forms that differ in the numbering of their nodes alone.</summary>
    public ulong Key { get; }

    /// <summary>Whether the output depends on the input at all.</summary>
    public bool IsConnected => Arcs.Length > 0;

    /// <summary>The form of a cell.</summary>
    /// <param name="nodes">How many nodes the cell has.</param>
    /// <param name="edges">Its edges, those into the same node together and nodes in order: from, to, the operation's number.</param>
    /// <param name="none">The number of the operation that is no edge; -1: there is none.</param>
    /// <param name="skip">The number of the operation that hands on; -1: there is none.</param>
    public static CellForm Of(int nodes, IEnumerable<(int From, int To, int Operation)> edges, int none, int skip)
    {
        var values = new SortedDictionary<int, int>[nodes]; // of each node how often each term is in its sum
        for (var j = 0; j < nodes; j++) values[j] = [];
        values[0][0] = 1;
        var operations = new List<int> { 0 };
        var sources = new List<SortedDictionary<int, int>> { new() };
        foreach (var (from, to, operation) in edges)
        {
            if (operation == none || values[from].Count == 0) continue;
            if (operation == skip)
            {
                foreach (var (term, times) in values[from]) values[to][term] = values[to].GetValueOrDefault(term) + times;
                continue;
            }

            values[to][operations.Count] = 1;
            operations.Add(operation + 2);
            sources.Add(values[from]);
        }

        // From the output back; sources are always earlier terms.
        var numbers = new int[operations.Count];
        var isUsed = new bool[operations.Count];
        isUsed[0] = true;
        foreach (var term in values[^1].Keys) isUsed[term] = true;
        for (var term = operations.Count - 1; term > 0; term--)
        {
            if (!isUsed[term]) continue;
            foreach (var source in sources[term].Keys) isUsed[source] = true;
        }

        var kinds = new List<int>();
        for (var term = 0; term < operations.Count; term++)
        {
            if (!isUsed[term]) continue;
            numbers[term] = kinds.Count;
            kinds.Add(operations[term]);
        }

        var arcs = new List<(int, int, int)>();
        for (var term = 1; term < operations.Count; term++)
        {
            if (!isUsed[term]) continue;
            foreach (var (source, times) in sources[term]) arcs.Add((numbers[source], numbers[term], times));
        }

        foreach (var (source, times) in values[^1]) arcs.Add((numbers[source], kinds.Count, times));
        kinds.Add(1);
        return new CellForm([.. kinds], [.. arcs]);
    }

    private static ulong KeyOf(int[] kinds, (int From, int To, int Times)[] arcs)
    {
        ulong[] colors = [.. kinds.Select(kind => Mix((ulong)kind + 1))], next = new ulong[kinds.Length];
        for (var round = 1; round < kinds.Length; round++)
        {
            for (var v = 0; v < kinds.Length; v++) next[v] = Mix(colors[v]);
            // Sums, so that the order of the arcs does not count.
            foreach (var (from, to, times) in arcs)
            {
                next[to] += Mix(colors[from] ^ Mix(2 * (ulong)times));
                next[from] += Mix(colors[to] ^ Mix(2 * (ulong)times + 1));
            }

            for (var v = 0; v < kinds.Length; v++) colors[v] = Mix(next[v]);
        }

        var key = (ulong)kinds.Length;
        foreach (var color in colors) key += Mix(color);
        return Mix(key);
    }

    // The finishing step of SplitMix64.
    internal static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
