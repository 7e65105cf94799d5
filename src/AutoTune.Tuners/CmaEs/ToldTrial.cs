namespace AutoTune.Tuners.CmaEs;

/// <summary>A finished trial of the present generation.</summary>
/// <param name="Point">Its ordered coordinates; where one does not exist, or has bins and was sampled, what was drawn (n).</param>
/// <param name="Active">Which of them exist (n).</param>
/// <param name="Levels">The value number of each choice; -1 where it does not exist.</param>
/// <param name="Standing">Where it stands among the others.</param>
internal sealed record ToldTrial(double[] Point, bool[] Active, int[] Levels, Standing Standing);
