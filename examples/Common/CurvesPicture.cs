using System.Globalization;
using AutoTune;

namespace Examples;

/// <summary>Draws the validation curves of all trials: grey those that were tried, with a dot where they were stopped, in colour the defaults and the best.</summary>
internal static class CurvesPicture
{
    private const int Width = 760, Height = 430, Left = 64, Right = 130, Top = 46, Bottom = 48;
    private const string Defaults = "#d1495b", Best = "#00798c", Tried = "#c3c8d4", Grid = "#e8eaf0";

    public static string Draw(string title, Trial defaults, StudyResult tuned, int epochs)
    {
        var trials = tuned.View.Trials.Where(trial => !trial.Reports.IsEmpty).ToList();
        double Value(double loss) => tuned.View.Goal.Flip(loss);
        // What matters are the defaults and the best; of the others what lies below both is left out.
        var low = Math.Floor(defaults.Reports.Concat(tuned.Best.Reports).Min(report => Value(report.Loss)) * 50) / 50;
        var high = Math.Min(1, Math.Ceiling(trials.Append(defaults).SelectMany(trial => trial.Reports).Max(report => Value(report.Loss)) * 100 + 0.2) / 100);
        if (high - low < 0.02) low = high - 0.02;
        var svg = new Svg(Width, Height, title);
        double X(int epoch) => Left + (Width - Left - Right) * (epoch - 1.0) / Math.Max(1, epochs - 1);
        double Y(double value) => Top + (Height - Top - Bottom) * (high - value) / (high - low);
        for (var i = 0; i <= 5; i++)
        {
            var value = low + (high - low) * i / 5;
            svg.Line([(Left, Y(value)), (Width - Right, Y(value))], Grid, 1);
            svg.Text(Left - 8, Y(value) + 4, value.ToString("0.0 %", CultureInfo.InvariantCulture), anchor: "end");
        }

        for (var epoch = 1; epoch <= epochs; epoch += Math.Max(1, epochs / 6)) svg.Text(X(epoch), Height - Bottom + 20, epoch.ToString(CultureInfo.InvariantCulture), anchor: "middle");
        svg.Text(Left + (Width - Left - Right) / 2.0, Height - 10, "epoch", anchor: "middle");
        foreach (var trial in trials.Where(trial => trial.Id != tuned.Best.Id))
        {
            Curve(trial, Tried, 1);
            if (trial.Outcome is not TrialOutcome.Completed && Value(trial.Reports[^1].Loss) > low) svg.Circle(X(trial.Reports[^1].Step), Y(Value(trial.Reports[^1].Loss)), 2.5, "#8c93a5");
        }

        Curve(defaults, Defaults, 2.5);
        Curve(tuned.Best, Best, 2.5);
        var (lower, upper) = (Y(Value(defaults.Reports[^1].Loss)), Y(Value(tuned.Best.Reports[^1].Loss)));
        if (lower - upper < 32) (lower, upper) = ((lower + upper) / 2 + 16, (lower + upper) / 2 - 16);
        Label(upper, "tuned", Best, Value(tuned.Best.Reports[^1].Loss));
        Label(lower, "defaults", Defaults, Value(defaults.Reports[^1].Loss));
        return svg.ToString();

        void Curve(Trial trial, string stroke, double width) => svg.Line(trial.Reports.Where(report => Value(report.Loss) >= low).Select(report => (X(report.Step), Y(Value(report.Loss)))), stroke, width);
        void Label(double y, string name, string fill, double value)
        {
            svg.Text(Width - Right + 10, y - 1, name, fill);
            svg.Text(Width - Right + 10, y + 13, value.ToString("0.0 %", CultureInfo.InvariantCulture), fill);
        }
    }
}
