using System.Globalization;

namespace Examples;

/// <summary>Draws a confusion matrix: blue what was found, red what was mistaken, by the share of its class.</summary>
internal static class ConfusionPicture
{
    private const int Cell = 46, Left = 130, Top = 74;

    public static string Draw(string title, ConfusionMatrix matrix)
    {
        var count = matrix.Classes.Length;
        var svg = new Svg(Left + count * Cell + 30, Top + count * Cell + 40, title);
        svg.Text(Left + count * Cell / 2.0, Top + count * Cell + 28, "predicted; rows are what it was", anchor: "middle");
        for (var i = 0; i < count; i++)
        {
            svg.Text(Left - 10, Top + i * Cell + Cell / 2.0 + 4, matrix.Classes[i], anchor: "end");
            svg.Text(Left + i * Cell + Cell / 2.0, Top - 10, Short(matrix.Classes[i]), anchor: "middle", size: 11);
            var total = Math.Max(1, Enumerable.Range(0, count).Sum(j => matrix[i, j]));
            for (var j = 0; j < count; j++)
            {
                var share = (double)matrix[i, j] / total;
                // A tenth of a class mistaken is a lot: red grows faster than blue.
                var strength = i == j ? share : Math.Min(1, share * 4);
                svg.Rectangle(Left + j * Cell + 1, Top + i * Cell + 1, Cell - 2, Cell - 2, i == j ? Blend((0x00, 0x79, 0x8c), strength) : Blend((0xd1, 0x49, 0x5b), strength));
                if (matrix[i, j] > 0) svg.Text(Left + j * Cell + Cell / 2.0, Top + i * Cell + Cell / 2.0 + 4, matrix[i, j].ToString(CultureInfo.InvariantCulture), strength > 0.55 ? "#ffffff" : "#1f2430", "middle");
            }
        }

        return svg.ToString();
    }

    private static string Short(string name) => name.Length <= 7 ? name : name[..6] + "…";

    private static string Blend((int R, int G, int B) colour, double strength)
    {
        int Mix(int part) => (int)Math.Round(246 + (part - 246) * strength);
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(colour.R):x2}{Mix(colour.G):x2}{Mix(colour.B):x2}");
    }
}
