using System.Globalization;

namespace Examples;

/// <summary>Options of the form <c>--name value</c> and <c>--switch</c>.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values = [];

    /// <param name="args">The command line.</param>
    /// <param name="names">Which options have a value.</param>
    /// <param name="switches">Which have none.</param>
    /// <exception cref="ArgumentException">An option is not known, or its value is missing.</exception>
    public CommandLine(string[] args, string[] names, string[] switches)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (switches.Contains(name)) _values[name] = "";
            else if (!names.Contains(name)) throw new ArgumentException($"'{name}' is not understood; the options are {string.Join(", ", names.Select(one => one + " VALUE").Concat(switches))}.");
            else if (i + 1 == args.Length) throw new ArgumentException($"'{name}' needs a value.");
            else _values[name] = args[++i];
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    /// <exception cref="ArgumentException">It is no whole number, or below the least.</exception>
    public int Whole(string name, int otherwise, int least = 1)
    {
        if (!_values.TryGetValue(name, out var text)) return otherwise;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least ? value
            : throw new ArgumentException($"'{name} {text}' needs a whole number of at least {least}.");
    }
}
