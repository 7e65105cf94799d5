using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SpokenWords;

/// <summary>Lets espeak-ng speak the digits where there are no recordings: voices, accents, speeds and pitches make speakers.</summary>
internal static class Synthesis
{
    private const string Program = "espeak-ng";

    // Each is one speaker: an accent, a voice, and a pitch.
    private static readonly (string Name, string Voice, int Pitch)[] Speakers =
    [
        ("adam", "en-us+m1", 40), ("beth", "en-gb+f1", 55), ("carl", "en-gb-scotland+m3", 30), ("dora", "en-us+f2", 65), ("evan", "en-gb-x-rp+m7", 50), ("fern", "en-029+f3", 50),
        ("glen", "en-gb-x-gbclan+m2", 45), ("hope", "en-us+f4", 40), ("ivan", "en-029+m5", 60), ("jane", "en-gb-x-gbcwmd+f5", 70), ("kurt", "en-us+m6", 20), ("lola", "en-gb+f2", 80),
    ];

    /// <summary>Whether espeak-ng is installed.</summary>
    public static bool IsAvailable
    {
        get
        {
            try
            {
                Run(["--version"]);
                return true;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>Writes what is missing of the recordings into a folder.</summary>
    public static void Speak(string folder, int each)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, voice, pitch) in Speakers)
        {
            for (var digit = 0; digit <= 9; digit++)
            {
                for (var index = 0; index < each; index++)
                {
                    var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{digit}_{name}_{index}.wav"));
                    if (File.Exists(file)) continue;
                    // Nobody says a word twice alike: faster and slower, higher and lower, more and less lively.
                    var (speed, shift) = (130 + 12 * (index % 6), 3 * (index * 5 % 7) - 9);
                    Run(["-v", voice, "-s", Text(speed), "-p", Text(Math.Clamp(pitch + shift, 0, 99)), "-w", file + ".part", Recording.Words[digit]]);
                    File.Move(file + ".part", file);
                }
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Run(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Program} {string.Join(' ', arguments)} failed: {errors.Result}");
    }
}
