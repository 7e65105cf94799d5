using System.Globalization;
using System.Text;

namespace Examples;

/// <summary>How often each class was taken for which.</summary>
internal sealed class ConfusionMatrix(string[] classes)
{
    private readonly int[,] _counts = new int[classes.Length, classes.Length];

    public string[] Classes => classes;

    public int Total { get; private set; }

    public int Right { get; private set; }

    public double Accuracy => (double)Right / Total;

    public int this[int actual, int predicted] => _counts[actual, predicted];

    public void Add(IEnumerable<long> actual, IEnumerable<long> predicted)
    {
        foreach (var (is_, said) in actual.Zip(predicted))
        {
            _counts[is_, said]++;
            Total++;
            if (is_ == said) Right++;
        }
    }

    /// <summary>A row a class, a column a prediction, and the share of each class that was found.</summary>
    public override string ToString()
    {
        var width = classes.Max(name => name.Length);
        var text = new StringBuilder();
        text.Append("actual \\ predicted".PadRight(Math.Max(width + 2, 18)));
        for (var j = 0; j < classes.Length; j++) text.Append(CultureInfo.InvariantCulture, $"{j,6}");
        text.AppendLine("   found");
        for (var i = 0; i < classes.Length; i++)
        {
            var count = Enumerable.Range(0, classes.Length).Sum(j => _counts[i, j]);
            text.Append($"{i} {classes[i]}".PadRight(Math.Max(width + 2, 18)));
            for (var j = 0; j < classes.Length; j++) text.Append(CultureInfo.InvariantCulture, $"{(_counts[i, j] == 0 ? "·" : _counts[i, j].ToString(CultureInfo.InvariantCulture)),6}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{(count == 0 ? "" : ((double)_counts[i, i] / count).ToString("0.0 %", CultureInfo.InvariantCulture)),8}");
        }

        return text.ToString();
    }
}
