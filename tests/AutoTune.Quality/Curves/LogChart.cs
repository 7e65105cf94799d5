using System.Globalization;
using System.Text;

namespace AutoTune.Quality.Curves;

/// <summary>A chart with two logarithmic axes, as a part of an SVG picture.</summary>
/// <param name="Left">Where its inside begins, in pixels.</param>
/// <param name="Top">Where its inside begins, in pixels.</param>
/// <param name="Width">Of its inside.</param>
/// <param name="Height">Of its inside.</param>
/// <param name="X">The values at the left and the right edge.</param>
/// <param name="Y">The values at the lower and the upper edge; what lies beyond is drawn on the edge.</param>
internal sealed record LogChart(double Left, double Top, double Width, double Height, (double Low, double High) X, (double Low, double High) Y)
{
    private static readonly double[] Marks = [1, 2, 5];

    /// <summary>Frame, grid, marks and titles.</summary>
    public void DrawAxes(StringBuilder svg, string title, string xTitle, string yTitle)
    {
        for (var decade = (int)Math.Floor(Math.Log10(X.Low)); decade <= Math.Log10(X.High); decade++)
        {
            foreach (var mark in Marks.Select(mark => mark * Math.Pow(10, decade)).Where(mark => mark >= X.Low * 0.999 && mark <= X.High * 1.001))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1='{AtX(mark):0.#}' y1='{Top:0.#}' x2='{AtX(mark):0.#}' y2='{Top + Height:0.#}' class='grid'/>\n");
                svg.Append(CultureInfo.InvariantCulture, $"<text x='{AtX(mark):0.#}' y='{Top + Height + 16:0.#}' text-anchor='middle'>{mark:0.###}</text>\n");
            }
        }

        for (var decade = (int)Math.Round(Math.Log10(Y.Low)); decade <= Math.Round(Math.Log10(Y.High)); decade++)
        {
            var mark = Math.Pow(10, decade);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1='{Left:0.#}' y1='{AtY(mark):0.#}' x2='{Left + Width:0.#}' y2='{AtY(mark):0.#}' class='grid'/>\n");
            if (yTitle.Length == 0) continue; // its neighbour's marks are its own
            var isFloor = decade == (int)Math.Round(Math.Log10(Y.Low));
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left - 6:0.#}' y='{AtY(mark) + 4:0.#}' text-anchor='end'>{(isFloor ? "≤ " : "")}{100 * mark:0.######} %</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<rect x='{Left:0.#}' y='{Top:0.#}' width='{Width:0.#}' height='{Height:0.#}' class='frame'/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left + Width / 2:0.#}' y='{Top - 9:0.#}' text-anchor='middle' class='title'>{title}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left + Width / 2:0.#}' y='{Top + Height + 34:0.#}' text-anchor='middle'>{xTitle}</text>\n");
        if (yTitle.Length > 0)
            svg.Append(CultureInfo.InvariantCulture, $"<text transform='translate({Left - 62:0.#} {Top + Height / 2:0.#}) rotate(-90)' text-anchor='middle'>{yTitle}</text>\n");
    }

    /// <summary>A curve of steps: each value holds until the next. What is not finite is left out.</summary>
    public void DrawSteps(StringBuilder svg, IReadOnlyList<(double X, double Y)> points, string style)
    {
        var path = Steps([.. points.Where(point => double.IsFinite(point.Y))], "M");
        if (path.Length > 0) svg.Append(CultureInfo.InvariantCulture, $"<path d='{path}' fill='none' {style}/>\n");
    }

    /// <summary>The area between two curves of steps, where both are finite.</summary>
    public void DrawBand(StringBuilder svg, IReadOnlyList<(double X, double Lower, double Upper)> points, string color)
    {
        var known = points.Where(point => double.IsFinite(point.Lower) && double.IsFinite(point.Upper)).ToArray();
        if (known.Length < 2) return;
        var back = new StringBuilder();
        for (var i = known.Length - 1; i >= 0; i--)
        {
            // Backwards the value changes at the left end of its step.
            back.Append(CultureInfo.InvariantCulture, $"{(i == known.Length - 1 ? "L" : "H")}{AtX(known[i].X):0.#}");
            back.Append(CultureInfo.InvariantCulture, $"{(i == known.Length - 1 ? " " : "V")}{AtY(known[i].Lower):0.#}");
            if (i > 0) back.Append(CultureInfo.InvariantCulture, $"H{AtX(known[i].X):0.#}V{AtY(known[i - 1].Lower):0.#}");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path d='{Steps([.. known.Select(point => (point.X, point.Upper))], "M")}{back}Z' fill='{color}' fill-opacity='0.13'/>\n");
    }

    private string Steps((double X, double Y)[] points, string begin)
    {
        var path = new StringBuilder();
        var last = double.NaN;
        for (var i = 0; i < points.Length; i++)
        {
            var y = AtY(points[i].Y);
            if (i == 0) path.Append(CultureInfo.InvariantCulture, $"{begin}{AtX(points[i].X):0.#} {y:0.#}");
            else if (y != last) path.Append(CultureInfo.InvariantCulture, $"H{AtX(points[i].X):0.#}V{y:0.#}");
            last = y;
        }

        if (points.Length > 0) path.Append(CultureInfo.InvariantCulture, $"H{AtX(points[^1].X):0.#}");
        return path.ToString();
    }

    private double AtX(double value) => Left + Width * Share(value, X);

    private double AtY(double value) => Top + Height * (1 - Share(value, Y));

    private static double Share(double value, (double Low, double High) ends)
        => Math.Log(Math.Clamp(value, ends.Low, ends.High) / ends.Low) / Math.Log(ends.High / ends.Low);
}
