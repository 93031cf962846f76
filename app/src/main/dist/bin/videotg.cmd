@echo off
rem Starts videotg on Windows; needs a Java 17 runtime. Environment as in the script "videotg" beside this file.
setlocal EnableExtensions DisableDelayedExpansion
for %%d in ("%~dp0..") do set "root=%%~fd"
if exist "%~dp0lib" for %%d in ("%~dp0.") do set "root=%%~fd"
set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if not defined OMP_NUM_THREADS set "OMP_NUM_THREADS=%NUMBER_OF_PROCESSORS%"
set "OPENBLAS_NUM_THREADS=1"
set "classes=%root%\lib\*"
if defined VIDEOTG_CLASSPATH set "classes=%classes%;%VIDEOTG_CLASSPATH%"
set "compiler=-XX:TieredStopAtLevel=1"
for %%c in (world pretrain serve) do if "%~1"=="%%c" set "compiler="
"%java%" -XX:+UseSerialGC %compiler% -Xshare:auto -Dfile.encoding=UTF-8 "-Dvideotg.home=%root%" %VIDEOTG_JAVA_OPTS% ^
  -cp "%classes%" org.videotg.app.command.VideoTg %*
exit /b %errorlevel%
