// Tunes a network that understands spoken digits, and shows what the tuning was worth on speakers that it never heard.
//   dotnet run -c Release --project examples/SpokenWords -- [[--recordings] FOLDER] [--each N] [--fold 0] [--epochs 12] [--trials 40] [--seed 1] [--threads 1] [--all-epochs] [--lengths] [--out FOLDER] [--quick]
// FOLDER has files {digit}_{speaker}_{index}.wav, as the Free Spoken Digit Dataset; without one espeak-ng speaks. Stopped or killed, it goes on when it is started again.
using System.Diagnostics;
using System.Globalization;
using AutoTune;
using AutoTune.Journals;
using AutoTune.Torch;
using Examples;
using SpokenWords;
using TorchSharp;

const int WholeTrainings = 20; // the search may cost as many epochs as this many whole trainings
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var options = Options.Of(args);
    TorchLibrary.Load(); // torch is used before anything of AutoTune.Torch
    using var ctrlC = new ConsoleCancellation();
    using var scope = torch.NewDisposeScope();
    var device = torch.cuda.is_available() ? torch.CUDA : torch.CPU;
    Console.WriteLine($"Device  {device} ({options.Threads} thread{(options.Threads > 1 ? "s" : "")}); {options.Epochs} epochs");
    var clock = Stopwatch.StartNew();
    var recordings = Recording.In(options.Folder(), options.Each);
    var data = SpeechData.Of(recordings, options.Fold);
    Console.WriteLine($"Training with {data.Training}; validation with {data.Validation}");
    var space = new SpeechSpace();
    var torchOptions = new TorchOptions { Threads = options.Threads, Devices = [device.ToString()] };

    var defaults = await Study("defaults").TryDefaultsFirst().ForTrials(1).TuneTorchAsync(() => new SpeechTraining(space, data), torchOptions, ctrlC.Token);
    Console.WriteLine($"Defaults: validation accuracy {defaults.BestValue:P1}");
    var study = (options.Lengths ? Study("tuned").WithLengths(options.Epochs) : Study("tuned")).ForTrials(options.Trials).ShowProgress()
        .StopWhen((view, _) => Epochs(view) is var spent && spent >= WholeTrainings * options.Epochs ? $"{spent} epochs, as many as {WholeTrainings} whole trainings" : null, needsResult: true);
    var tuned = await (options.AllEpochs ? study : study.StopEarly()).TuneTorchAsync(() => new SpeechTraining(space, data), torchOptions, ctrlC.Token);
    tuned.Result.Show();

    // The speakers of the test, once.
    var heard = data.Test();
    var test = new TensorBatches(heard.Inputs, heard.Targets, device);
    using var before = defaults.Restore(device);
    using var after = tuned.Restore(device);
    var (confusionBefore, confusionAfter) = (before.Confusion(test), after.Confusion(test));
    var (errorBefore, errorAfter) = (1 - confusionBefore.Accuracy, 1 - confusionAfter.Accuracy);
    var summary = $"""
        Device                     {device}
        Speakers of the test       {heard}
        Validation accuracy        defaults {defaults.BestValue:P2}   tuned {tuned.BestValue:P2}
        Error, unseen speakers     defaults {errorBefore:P2}   tuned {errorAfter:P2}   {(errorAfter / errorBefore - 1):+0 %;-0 %}
        Trials                     {tuned.Result.View.Trials.Count}, {tuned.Result.View.Trials.Count(trial => trial.Outcome is TrialOutcome.Completed)} to their end
        Epochs                     {Epochs(tuned.Result.View)}, as many as {(double)Epochs(tuned.Result.View) / options.Epochs:0.0} whole trainings
        Time of this run           {clock.Elapsed:hh\:mm\:ss}
        Best                       {tuned.BestConfiguration}
        """;
    Console.WriteLine($"\n{summary}\n\nUnseen speakers, tuned:\n{confusionAfter}");
    var model = Path.Combine(options.Out, "digits.model");
    after.Network.save(model);
    var page = ReportPage.Write(options.Out, "Spoken digits, defaults and tuned", summary,
        ("curves.svg", CurvesPicture.Draw("Accuracy on the validation speakers by epoch", defaults.Result.Best, tuned.Result, options.Epochs)),
        ("confusion.svg", ConfusionPicture.Draw($"Unseen speakers, tuned: {confusionAfter.Accuracy:P1} understood", confusionAfter)));
    Console.WriteLine($"Model   {model}\nReport  {page}\nStudy   {options.Study}");
    return 0;

    static int Epochs(StudyView view) => view.Trials.Sum(trial => trial.StepsSpent);

    StudyBuilder Study(string name) => Tune.Study(options.Name(name, recordings.Count)).WithSearchSpace(space.Builder).Maximize("accuracy").WithEpochs(options.Epochs)
        .WithSeed(options.Seed).SaveTo(options.Study);
}
catch (Exception error) when (error is ArgumentException or InvalidDataException or DirectoryNotFoundException or StudyDefinitionException or StudyFailedException or JournalException or OperationCanceledException)
{
    Console.Error.WriteLine(error.Message);
    return error is ArgumentException ? 2 : 1;
}
