using System.Text;
using Spectre.Console;

namespace AutoTune.Display;

/// <summary>The best value so far over the trials, with the trials themselves as faint dots; as lines of Spectre's markup.</summary>
/// <remarks>
/// In braille a character holds 2 x 4 dots, without Unicode it is one. The height shows the better three quarters of the trials: one bad trial
/// would otherwise press the rest into a line.
/// </remarks>
internal static class BestCurve
{
    private const double ShownShare = 0.75;

    /// <summary>The lines, with labels; none before two trials have completed.</summary>
    /// <param name="study">The study.</param>
    /// <param name="width">Characters a line, labels included.</param>
    /// <param name="height">Lines of the curve itself; one more is the axis.</param>
    /// <param name="unicode">Whether braille may be used.</param>
    public static IReadOnlyList<string> Markup(StudyView study, int width, int height, bool unicode)
    {
        var values = study.Trials.Where(trial => trial.IsFinished).Select(trial => trial.Loss is { } loss && trial.MeetsRequirements ? study.Goal.Flip(loss) : double.NaN).ToArray();
        var losses = study.Trials.Where(trial => trial.MeetsRequirements).Select(trial => trial.Loss).OfType<double>().Order().ToArray();
        if (losses.Length < 2) return [];

        double best = study.Goal.Flip(losses[0]), worst = study.Goal.Flip(losses[(int)Math.Round(ShownShare * (losses.Length - 1))]);
        double low = Math.Min(best, worst), high = Math.Max(best, worst);
        string topLabel = Shown.Number(high), bottomLabel = Shown.Number(low);
        var labels = Math.Max(topLabel.Length, bottomLabel.Length);
        var canvas = new Canvas(Math.Max(4, width - labels - 2), height, unicode);
        Draw(canvas, values, study.Goal, low, high);

        var axis = unicode ? ("┤", "│", "└", '─') : ("|", "|", "+", '-');
        var lines = new List<string>();
        for (var row = 0; row < height; row++)
        {
            var label = row == 0 ? topLabel : row == height - 1 ? bottomLabel : "";
            lines.Add($"[grey]{label.PadLeft(labels)} {(label.Length > 0 ? axis.Item1 : axis.Item2)}[/]{canvas.Markup(row)}");
        }

        var end = $" {Shown.Trials(values.Length)}";
        if (end.Length > canvas.Width) end = "";
        lines.Add($"[grey]{new string(' ', labels + 1)}{axis.Item3}{new string(axis.Item4, canvas.Width - end.Length)}{end}[/]");
        return lines;
    }

    private static void Draw(Canvas canvas, double[] values, Goal goal, double low, double high)
    {
        int Y(double value) => high > low ? (int)Math.Round((high - Math.Clamp(value, low, high)) / (high - low) * (canvas.Dots.Y - 1)) : canvas.Dots.Y / 2;
        double At(int i, int from, int to) => (double)i * Math.Max(1, to - 1) / Math.Max(1, from - 1);

        var bests = new double[values.Length];
        var best = double.NaN;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(best) || goal.Flip(values[i]) < goal.Flip(best)) best = values[i];
            bests[i] = best;
            if (values[i] >= low && values[i] <= high) canvas.Set((int)At(i, values.Length, canvas.Dots.X), Y(values[i]), onCurve: false);
        }

        int? last = null;
        for (var x = 0; x < canvas.Dots.X; x++)
        {
            var value = bests[Math.Min(values.Length - 1, (int)At(x, canvas.Dots.X, values.Length))];
            if (double.IsNaN(value)) continue;
            var y = Y(value);
            for (var between = Math.Min(y, last ?? y); between <= Math.Max(y, last ?? y); between++) canvas.Set(x, between, onCurve: true);
            last = y;
        }
    }

    /// <summary>Dots in characters; a character with a dot of the curve is coloured as the curve.</summary>
    private sealed class Canvas(int width, int height, bool unicode)
    {
        // Unicode 4.0, section 14.16: U+2800 plus a bit for each dot, by column and row.
        private static readonly int[,] Braille = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };
        private readonly int[,] _bits = new int[width, height];
        private readonly bool[,] _onCurve = new bool[width, height];

        public int Width => width;

        public (int X, int Y) Dots => unicode ? (2 * width, 4 * height) : (width, height);

        public void Set(int x, int y, bool onCurve)
        {
            var (column, row) = unicode ? (x / 2, y / 4) : (x, y);
            // Where the curve is, the trials' own dots would only blur it.
            if (onCurve && !_onCurve[column, row]) _bits[column, row] = 0;
            _bits[column, row] |= unicode ? Braille[x % 2, y % 4] : 1;
            _onCurve[column, row] |= onCurve;
        }

        public string Markup(int row)
        {
            var text = new StringBuilder();
            for (var column = 0; column < width;)
            {
                var onCurve = _onCurve[column, row];
                text.Append(onCurve ? "[deepskyblue1]" : "[grey42]");
                for (; column < width && _onCurve[column, row] == onCurve; column++) text.Append(Glyph(_bits[column, row], onCurve));
                text.Append("[/]");
            }

            return text.ToString();
        }

        private char Glyph(int bits, bool onCurve) => unicode ? bits == 0 ? ' ' : (char)(0x2800 + bits) : bits == 0 ? ' ' : onCurve ? '*' : '.';
    }
}
