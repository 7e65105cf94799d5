// Tunes a convolutional network on 10,000 images of clothes, and shows what the tuning was worth on 10,000 that the search never saw.
//   dotnet run -c Release --project examples/FashionImages -- [--epochs 10] [--trials 40] [--images 10000] [--seed 1] [--threads 1] [--budget 20] [--all-epochs] [--lengths] [--out FOLDER] [--quick]
// The search may cost as many epochs as --budget whole trainings. Stopped or killed, it goes on when it is started again.
// --lengths: a trial begins with a training of a fifth of the epochs, planned for just so many, and the best are trained anew in full.
using System.Diagnostics;
using System.Globalization;
using AutoTune;
using AutoTune.Journals;
using AutoTune.Torch;
using Examples;
using FashionImages;
using TorchSharp;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var options = Options.Of(args);
    TorchLibrary.Load(); // torch is used before anything of AutoTune.Torch
    using var ctrlC = new ConsoleCancellation();
    using var scope = torch.NewDisposeScope();
    var device = torch.cuda.is_available() ? torch.CUDA : torch.CPU;
    Console.WriteLine($"Device  {device} ({options.Threads} thread{(options.Threads > 1 ? "s" : "")}); {options.Images} images, a fifth of them for validation; {options.Epochs} epochs");
    var clock = Stopwatch.StartNew();
    var data = FashionData.Load(options.Images);
    var space = new FashionSpace();
    var torchOptions = new TorchOptions { Threads = options.Threads, Devices = [device.ToString()] };

    var defaults = await Study("defaults").TryDefaultsFirst().ForTrials(1).TuneTorchAsync(() => new FashionTraining(space, data), torchOptions, ctrlC.Token);
    Console.WriteLine($"Defaults: validation accuracy {defaults.BestValue:P1}");
    var study = (options.Lengths ? Study("tuned").WithLengths(options.Epochs) : Study("tuned")).ForTrials(options.Trials).ShowProgress()
        .StopWhen((view, _) => Epochs(view) is var spent && spent >= options.Budget * options.Epochs ? $"{spent} epochs, as many as {options.Budget} whole trainings" : null, needsResult: true);
    var tuned = await (options.AllEpochs ? study : study.StopEarly()).TuneTorchAsync(() => new FashionTraining(space, data), torchOptions, ctrlC.Token);
    tuned.Result.Show();

    // The test images, once.
    var (inputs, targets) = FashionData.LoadTest(options.TestImages);
    var test = new TensorBatches(inputs, targets, device);
    using var before = defaults.Restore(device);
    using var after = tuned.Restore(device);
    var (confusionBefore, confusionAfter) = (before.Confusion(test), after.Confusion(test));
    var summary = $"""
        Device                     {device}
        Validation accuracy        defaults {defaults.BestValue:P2}   tuned {tuned.BestValue:P2}
        Test accuracy              defaults {confusionBefore.Accuracy:P2}   tuned {confusionAfter.Accuracy:P2}   {100 * (confusionAfter.Accuracy - confusionBefore.Accuracy):+0.00;-0.00} points
        Trials                     {tuned.Result.View.Trials.Count}, {tuned.Result.View.Trials.Count(trial => trial.Outcome is TrialOutcome.Completed)} to their end
        Epochs                     {Epochs(tuned.Result.View)}, as many as {(double)Epochs(tuned.Result.View) / options.Epochs:0.0} whole trainings
        Time of this run           {clock.Elapsed:hh\:mm\:ss}
        Best                       {tuned.BestConfiguration}
        """;
    Console.WriteLine($"\n{summary}\n\nTest images, tuned:\n{confusionAfter}");
    var model = Path.Combine(options.Out, "fashion.model");
    after.Network.save(model);
    var page = ReportPage.Write(options.Out, "Fashion-MNIST, defaults and tuned", summary,
        ("curves.svg", CurvesPicture.Draw("Validation accuracy by epoch", defaults.Result.Best, tuned.Result, options.Epochs)),
        ("confusion.svg", ConfusionPicture.Draw($"Test images, tuned: {confusionAfter.Accuracy:P1} found", confusionAfter)));
    Console.WriteLine($"Model   {model}\nReport  {page}\nStudy   {options.Study}");
    return 0;

    static int Epochs(StudyView view) => view.Trials.Sum(trial => trial.StepsSpent);

    StudyBuilder Study(string name) => Tune.Study(options.Name(name)).WithSearchSpace(space.Builder).Maximize("accuracy").WithEpochs(options.Epochs)
        .WithSeed(options.Seed).SaveTo(options.Study);
}
catch (Exception error) when (error is ArgumentException or DirectoryNotFoundException or StudyDefinitionException or StudyFailedException or JournalException or OperationCanceledException)
{
    Console.Error.WriteLine(error.Message);
    return error is ArgumentException ? 2 : 1;
}
