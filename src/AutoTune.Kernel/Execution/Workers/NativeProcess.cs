using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AutoTune.Execution;

/// <summary>What the system knows of processes and the base class library does not tell.</summary>
internal static class NativeProcess
{
    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC

    /// <summary>The id of the process that started this one; null where that cannot be asked. It changes when that process ends.</summary>
    public static int? ParentId() => OperatingSystem.IsLinux() ? getppid() : null;

    /// <summary>Keeps a pipe from the processes that this one starts: they would hold it open after its end.</summary>
    public static void KeepFromChildren(SafeHandle pipe)
    {
        if (OperatingSystem.IsLinux()) _ = fcntl((int)pipe.DangerousGetHandle(), SetDescriptorFlags, CloseOnExec);
    }

    /// <summary>Writes out what native code has printed and the C library still holds.</summary>
    public static void FlushNativeOutput()
    {
        if (OperatingSystem.IsLinux()) _ = fflush(IntPtr.Zero);
    }

    /// <summary>Ends this process at once, whatever its threads do.</summary>
    public static void EndThis()
    {
        using var current = Process.GetCurrentProcess();
        current.Kill();
    }

    /// <summary>The resident memory of a process in bytes; 0 if it has ended.</summary>
    public static long ResidentMemory(Process process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // The second number, in pages; a tenth of the cost of Process.Refresh, which reads all of /proc/PID.
                var numbers = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/statm")).Split(' ');
                return long.Parse(numbers[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
            }

            process.Refresh();
            return process.WorkingSet64;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    /// <summary>Whether an exit code says SIGKILL.</summary>
    public static bool WasKilled(int code) => !OperatingSystem.IsWindows() && code == 128 + 9;

    /// <summary>An exit code for people: <c>exit code 134 (SIGABRT: aborted)</c>.</summary>
    public static string DescribeExit(int code)
    {
        var signal = OperatingSystem.IsWindows() ? "" : code switch
        {
            128 + 4 => " (SIGILL: illegal instruction)",
            128 + 6 => " (SIGABRT: aborted)",
            128 + 7 => " (SIGBUS: bus error)",
            128 + 8 => " (SIGFPE: arithmetic error)",
            128 + 9 => " (SIGKILL: killed, by a user or for lack of memory)",
            128 + 11 => " (SIGSEGV: bad memory access)",
            128 + 15 => " (SIGTERM: terminated)",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"exit code {code}{signal}");
    }

#pragma warning disable IDE1006, SYSLIB1054 // names of the C library; generated marshalling would need unsafe code for three plain calls
    [DllImport("libc")]
    private static extern int getppid();

    [DllImport("libc")]
    private static extern int fcntl(int descriptor, int command, int argument);

    [DllImport("libc")]
    private static extern int fflush(IntPtr stream);
#pragma warning restore IDE1006, SYSLIB1054
}
