using System.Text;

namespace AutoTune.Quality.Reporting;

/// <summary>A table of plain text: the first column to the left, the others to the right.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    /// <summary>Adds a row; an empty one is a line of space.</summary>
    public void Add(params IEnumerable<string> cells) => _rows.Add([.. cells]);

    /// <summary>The table. A header that begins with a bar sets its column apart.</summary>
    public override string ToString()
    {
        var widths = new int[header.Length];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].TrimStart('|').Length);
        }

        var text = new StringBuilder();
        for (var r = 0; r < _rows.Count; r++)
        {
            var line = new StringBuilder();
            for (var i = 0; i < _rows[r].Length; i++)
            {
                var cell = _rows[r][i].TrimStart('|');
                if (i > 0) line.Append(header[i].StartsWith('|') ? "  | " : "  ");
                line.Append(i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
            if (r == 0) text.Append('-', widths.Sum() + header.Skip(1).Sum(h => h.StartsWith('|') ? 4 : 2)).Append('\n');
        }

        return text.ToString();
    }
}
