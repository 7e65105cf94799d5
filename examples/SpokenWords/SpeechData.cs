using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace SpokenWords;

/// <summary>Spectrograms and digits of some speakers.</summary>
internal sealed record Spoken(Tensor Inputs, Tensor Targets, ImmutableArray<string> Speakers)
{
    public static Spoken By(IEnumerable<string> speakers, IReadOnlyCollection<Recording> all)
    {
        var theirs = all.Where(recording => speakers.Contains(recording.Speaker)).ToList();
        return new Spoken(LogMel.Of(theirs).unsqueeze(1), tensor(theirs.Select(recording => (long)recording.Digit).ToArray()), [.. speakers]);
    }

    public override string ToString() => $"{string.Join(", ", Speakers)} ({Inputs.shape[0]} recordings)";
}

/// <summary>The speakers, kept apart: nobody who is trained with is validated or tested with.</summary>
internal sealed record SpeechData(Spoken Training, Spoken Validation, Func<Spoken> Test)
{
    /// <summary>A sixth of the speakers for the test, a third for validation, half to train with; each fold tests others.</summary>
    public static SpeechData Of(IReadOnlyCollection<Recording> recordings, int fold)
    {
        var speakers = recordings.Select(recording => recording.Speaker).Distinct().ToList();
        var (test, validation) = (Math.Max(1, speakers.Count / 6), Math.Max(1, speakers.Count / 3));
        var turned = Enumerable.Range(0, speakers.Count).Select(i => speakers[(fold * test + i) % speakers.Count]).ToList();
        return new SpeechData(Spoken.By(turned[(test + validation)..], recordings), Spoken.By(turned[test..(test + validation)], recordings), () => Spoken.By(turned[..test], recordings));
    }
}
