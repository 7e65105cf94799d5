using TorchSharp;
using static TorchSharp.torch;

namespace SpokenWords;

/// <summary>Turns sound into a picture of it: the logarithm of the energy in bands as wide as the ear hears them, every 10 ms.</summary>
/// <remarks>
/// Sources: mel(f) = 2595 log10(1 + f / 700) (O'Shaughnessy 1987, "Speech communication", p. 150); triangular bands evenly spaced in mel (Davis and Mermelstein 1980, figure 1).
/// </remarks>
internal static class LogMel
{
    public const int Bands = 32, Frames = 64; // 0.64 s: nine in ten spoken digits are shorter
    private const double Window = 0.025, Hop = 0.01, Lowest = 60, Highest = 3800; // seconds and Hz: the same for recordings of 8 kHz and above

    /// <summary>Spectrograms [n, Bands, Frames], each with mean 0 and deviation 1: how loud somebody speaks is no matter.</summary>
    public static Tensor Of(IReadOnlyList<Recording> recordings)
    {
        using var scope = NewDisposeScope();
        var filters = new Dictionary<int, Tensor>();
        return stack(recordings.Select(recording => Of(recording, filters))).MoveToOuterDisposeScope();
    }

    private static Tensor Of(Recording recording, Dictionary<int, Tensor> filters)
    {
        using var scope = NewDisposeScope();
        var (samples, rate) = WavFile.Read(recording.File);
        var (window, hop) = ((int)(Window * rate), (int)(Hop * rate));
        var points = 1;
        while (points < window) points *= 2;
        if (!filters.TryGetValue(rate, out var filter)) filters[rate] = filter = Filters(rate, points).MoveToOuterDisposeScope().MoveToOuterDisposeScope();
        // What is too short is silent before and after; of what is too long, the middle.
        var length = (Frames - 1) * hop;
        var sound = tensor(samples);
        sound = samples.Length >= length ? sound.narrow(0, (samples.Length - length) / 2, length)
            : nn.functional.pad(sound, [(length - samples.Length) / 2, length - samples.Length - (length - samples.Length) / 2]);
        var spectrum = stft(sound, points, hop, window, hann_window(window), center: true, pad_mode: PaddingModes.Constant, return_complex: true).abs().square();
        var picture = (filter.mm(spectrum) + 1e-6).log();
        return ((picture - picture.mean()) / (picture.std() + 1e-6)).MoveToOuterDisposeScope();
    }

    /// <summary>The weight of each frequency of the transform in each band: [Bands, points / 2 + 1].</summary>
    private static Tensor Filters(int rate, int points)
    {
        static double Mel(double frequency) => 2595 * Math.Log10(1 + frequency / 700);
        static double Frequency(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
        var corners = Enumerable.Range(0, Bands + 2).Select(i => Frequency(Mel(Lowest) + (Mel(Highest) - Mel(Lowest)) * i / (Bands + 1))).ToArray();
        var weights = new float[Bands * (points / 2 + 1)];
        for (var band = 0; band < Bands; band++)
        {
            var (from, peak, to) = (corners[band], corners[band + 1], corners[band + 2]);
            for (var i = 0; i <= points / 2; i++)
            {
                var frequency = (double)i * rate / points;
                weights[band * (points / 2 + 1) + i] = (float)Math.Max(0, Math.Min((frequency - from) / (peak - from), (to - frequency) / (to - peak)));
            }
        }

        return tensor(weights, [Bands, points / 2 + 1]);
    }
}
