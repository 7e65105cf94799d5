namespace AutoTune.Torch.Schedules;

/// <summary>Ways between two numbers.</summary>
internal static class Shapes
{
    /// <summary>By half a cosine.</summary>
    /// <param name="from">Where it begins, flat.</param>
    /// <param name="to">Where it ends, flat.</param>
    /// <param name="share">How far, from 0 to 1.</param>
    public static double Cosine(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;
}
